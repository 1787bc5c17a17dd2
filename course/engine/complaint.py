"""A complaint as the judge reads it, apart from the scenario that it comes from.

For the judge, which starts sooner when it need not load what reads scenarios. Refuses to read files.
"""

from dataclasses import dataclass
from typing import Literal

Complexity = Literal["simple", "complex"]
Channel = Literal["phone", "counter", "chat", "email"]


@dataclass(frozen=True)
class Complaint:
    """What a judge needs to read a plan: the customer's words, and what the agent can do."""

    text: str
    complexity: Complexity
    channel: Channel
    facts: str
