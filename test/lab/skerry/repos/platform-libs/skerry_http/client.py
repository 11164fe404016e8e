"""The HTTP client that all our Python services use."""

import asyncio

import httpx
import structlog

log = structlog.get_logger("skerry_http")
ATTEMPTS = 2
BACKOFF_SECONDS = 0.2
RETRIED = frozenset({502, 503, 504})


class Client:
    def __init__(self, base_url: str, timeout: float = 2.0):
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout)

    async def get_json(self, path: str):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = await self._http.get(path)
                if response.status_code not in RETRIED:
                    response.raise_for_status()
                    return response.json()
                failure = f"status {response.status_code}"
            except httpx.TimeoutException:
                failure = "timed out"
            log.warning("upstream_retry", path=path, attempt=attempt, failure=failure)
            if attempt < ATTEMPTS:
                await asyncio.sleep(BACKOFF_SECONDS * attempt)
        raise UpstreamError(f"{path}: {failure} after {ATTEMPTS} attempts")


class UpstreamError(Exception):
    pass
