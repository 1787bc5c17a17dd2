"""A small learned model beside the rules: what a sentence shows, and from that the levels of a plan.

For whoever measures the judge. Words and letters in, numbers out; numpy only. The rules and gates keep the
last word. Refuses to know the learner.
"""
