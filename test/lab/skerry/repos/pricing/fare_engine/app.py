"""Quotes fares: what a party pays for a sailing."""

import structlog
from fastapi import FastAPI, Request

from fare_engine import rules, settings
from skerry_http import Client

log = structlog.get_logger("fare_engine")
app = FastAPI()
sailings = Client("http://sailings:8080", timeout=settings.SAILINGS_TIMEOUT_SECONDS)


@app.post("/v1/quotes")
async def quote(request: Request):
    body = await request.json()
    sailing = await sailings.get_json(f"/v1/sailings/{body['sailing']}")
    fare = rules.price(sailing, body["places"], body.get("member"))
    log.info("quote_computed", sailing=body["sailing"], places=body["places"], total=fare.total)
    return fare.as_dict()
