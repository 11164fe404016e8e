"""The fare table and what is taken off."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import lru_cache

CHILD_SHARE = Decimal("0.5")
MEMBER_DISCOUNTS = {"deck": Decimal("0.02"), "saloon": Decimal("0.05"), "bridge": Decimal("0.08")}


@dataclass(frozen=True)
class Fare:
    total: Decimal
    currency: str = "NOK"

    def as_dict(self):
        return {key: str(value) for key, value in asdict(self).items()}


@lru_cache(maxsize=4096)
def base_fare(route: str, season: str) -> Decimal:
    return load_table()[route][season]


def price(sailing: dict, places: int, member: dict | None) -> Fare:
    fare = base_fare(sailing["route"], sailing["season"]) * places
    if member:
        fare *= 1 - MEMBER_DISCOUNTS.get(member.get("tier"), Decimal(0))
    return Fare(total=fare.quantize(Decimal("1.00")))
