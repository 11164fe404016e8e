"""Members as members-db has them."""

from dataclasses import dataclass
from datetime import date

from loyalty import database

TIERS = ("deck", "saloon", "bridge")


@dataclass(frozen=True)
class Member:
    number: str
    tier: str | None
    miles: int
    since: date

    def card(self) -> dict:
        return {"number": self.number, "tier": self.tier, "miles": self.miles, "since": self.since.isoformat()}


def find(number: str) -> Member:
    row = database.one("select number, tier, miles, since from members where number = %s", number)
    return Member(**row)
