"""fakesnow's own server, with its rows as JSON text: it answers in Arrow, which the driver for Node does not read.

Real Snowflake sends each driver the form that it reads. Nothing else of fakesnow's answers is changed. POST /oncall/run runs
statements in the shared database and POST /oncall/load in the DuckDB beneath it, for the tests' own tables. GET /oncall/seen
lists the requests so far.
"""

import base64
import json
import sys
from importlib import import_module

import pyarrow.ipc
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

# The package has a function of the same name.
server = import_module("fakesnow.server")
seen: list[str] = []


def as_text(value):
    """A value in the form that Snowflake's JSON rows have it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def with_json_rows(answer: dict) -> dict:
    data = answer.get("data")
    if not isinstance(data, dict) or data.get("queryResultFormat") != "arrow":
        return answer
    encoded = data.pop("rowsetBase64")
    rows: list[list[str | None]] = []
    if encoded:
        table = pyarrow.ipc.open_stream(base64.b64decode(encoded)).read_all()
        columns = [column.to_pylist() for column in table.columns]
        rows = [[as_text(value) for value in row] for row in zip(*columns, strict=True)]
    return {**answer, "data": {**data, "queryResultFormat": "json", "rowset": rows, "returned": len(rows)}}


class JsonRows(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if not request.url.path.startswith("/oncall/"):
            seen.append(f"{request.method} {request.url.path}")
        response = await call_next(request)
        if request.url.path != "/queries/v1/query-request" or response.status_code != 200:
            return response
        body = b"".join([chunk async for chunk in response.body_iterator])
        return JSONResponse(with_json_rows(json.loads(body)))


async def run(request):
    connection = server.shared_fs.connect(None, None)
    for statement in await request.json():
        connection.cursor().execute(statement)
    return Response(status_code=204)


async def load(request):
    server.shared_fs.duck_conn.execute((await request.body()).decode())
    return Response(status_code=204)


app = Starlette(
    routes=[
        Route("/oncall/run", run, methods=["POST"]),
        Route("/oncall/load", load, methods=["POST"]),
        Route("/oncall/seen", lambda _: JSONResponse(seen)),
        *server.routes,
    ],
    middleware=[Middleware(JsonRows)],
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
