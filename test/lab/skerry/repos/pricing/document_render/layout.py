"""How a ticket looks."""

from weasyprint import HTML

TEMPLATE = "<h1>{vessel}</h1><p>{departs} from {harbour}</p><p>{reference}</p>"


def ticket(fields: dict) -> bytes:
    return HTML(string=TEMPLATE.format(**fields)).write_pdf()
