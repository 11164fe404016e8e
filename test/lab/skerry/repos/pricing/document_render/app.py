"""Tickets and boarding cards as PDF, kept in the tickets bucket."""

import structlog
from fastapi import FastAPI
from google.cloud import storage

from document_render import layout

log = structlog.get_logger("document_render")
app = FastAPI()
bucket = storage.Client().bucket("skerry-tickets")


@app.post("/v1/tickets")
def render(ticket: dict):
    pdf = layout.ticket(ticket)
    name = f"tickets/{ticket['reference']}.pdf"
    bucket.blob(name).upload_from_string(pdf, content_type="application/pdf")
    log.info("ticket_rendered", reference=ticket["reference"], bytes=len(pdf))
    return {"object": name}
