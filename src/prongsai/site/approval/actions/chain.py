"""An agency's chain is set as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from prongsai.site.agencies.models import Agency
from prongsai.site.approval.models import Rank
from prongsai.site.history.action import Action, refuse
from prongsai.site.people.models import Role


@dataclass(frozen=True)
class RankData:
    """One rank as typed."""

    position: str
    act: str
    role: Role | None = None
    may_be_author: bool = False


@dataclass(kw_only=True)
class SetChain(Action):
    """Replace the chain, lowest rank first. Bundles under consideration keep the chain they were submitted with."""

    to: Agency
    ranks: list[RankData] = field(default_factory=list)
    code = "approval.set_chain"
    th = "{actor} กำหนดสายการพิจารณา: {chain}"
    en = "{actor} set the approval chain: {chain}"

    def agency(self) -> Agency:
        """Whose chain it is."""
        return self.to

    def check(self) -> None:
        """At least one rank; the last decides and no other does."""
        if not self.ranks or self.ranks[-1].act != "decide" or any(rank.act == "decide" for rank in self.ranks[:-1]):
            raise refuse(
                "chain.last_decides",
                "ลำดับสุดท้ายต้องเป็นผู้พิจารณาอนุมัติ และมีผู้อนุมัติได้เพียงลำดับเดียว",
                "the last rank, and no other, decides",
                "โปรดเลือก “พิจารณาอนุมัติ” ให้ลำดับสุดท้ายเท่านั้น",
                "Choose “decides” for the last rank only.",
            )

    def do(self) -> None:
        """All ranks anew."""
        Rank.objects.filter(agency=self.to).delete()
        for order, rank in enumerate(self.ranks, start=1):
            Rank.objects.create(
                agency=self.to,
                order=order,
                position=rank.position,
                act=rank.act,
                role=rank.role,
                may_be_author=rank.may_be_author,
            )

    def facts(self) -> dict[str, Any]:
        """The positions."""
        return {"chain": " → ".join(rank.position for rank in self.ranks)}
