/** An answer other than 200 that a handler chose to give. */
export class HttpError extends Error {
  constructor(status, message, options) {
    super(message, options);
    this.name = "HttpError";
    this.status = status;
  }
}

/** A call to another service that did not end well, after its retries. */
export class UpstreamError extends HttpError {
  constructor(upstream, message, options) {
    super(502, `${upstream}: ${message}`, options);
    this.name = "UpstreamError";
    this.upstream = upstream;
  }
}

/** An answer that says that we may not: asking again gives the same. */
export class RefusedError extends Error {
  constructor(message) {
    super(message);
    this.name = "RefusedError";
  }
}
