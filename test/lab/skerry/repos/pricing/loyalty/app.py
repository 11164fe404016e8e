"""Members, their tier and their nautical miles."""

import structlog
from fastapi import FastAPI, Header, HTTPException

from loyalty import members, tokens

log = structlog.get_logger("loyalty")
app = FastAPI()


@app.get("/v1/members/{number}")
def member(number: str, authorization: str = Header()):
    try:
        tokens.check(authorization, audience="loyalty")
    except tokens.Refused as refused:
        log.warning("token_refused", reason=str(refused), member=number)
        raise HTTPException(status_code=401, detail=str(refused)) from refused
    found = members.find(number)
    log.info("member_read", member=number, tier=found.tier)
    return found.card()
