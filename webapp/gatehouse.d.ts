/** What a page tells about itself; the chat's answers can then refer to what the reader sees. */
export interface PageContext {
  /** The address without fragment and credentials. */
  url: string;
  title: string;
  path: string;
  /** The text of `<meta name="description">`. */
  description: string;
  /** The first five h1 to h3 of the first article, else main, else body, one per line. */
  headings: string;
}

/** Who is signed in, as `GET /bff/user` answers it. */
export type Session =
  | { authenticated: false }
  | {
      authenticated: true;
      id: string;
      name?: string;
      email?: string;
      /** When the session ends, as an ISO 8601 instant such as `2030-01-31T09:30:00Z`. */
      expiresAt: string;
    };

/** One event of a stream, as the HTML standard would dispatch it. */
export interface ServerEvent {
  /** The event's type; `message` unless the stream named another. */
  event: string;
  data: string;
  /** The last id the stream has set so far; empty if none. */
  id: string;
  /** The last reconnection time the stream has set so far, in milliseconds. */
  retry: number | undefined;
}

export interface Options {
  /** Called with a copy of every 401 that `fetch` receives, before `fetch` returns it. */
  onUnauthorized?: (response: Response) => void;
}

/** Changes the options named in `changes` and leaves the others. */
export function configure(changes: Options): void;

/**
 * The context of the page as it is now, each field cut so that the encoded header stays below
 * 8 KiB; `undefined` where there is no document. Subtrees marked `data-gatehouse-ignore` are left
 * out.
 */
export function pageContext(): PageContext | undefined;

/** The value of `X-Page-Context`: unpadded base64url of UTF-8 JSON. */
export function encodeContext(context: object): string;

/**
 * The platform's `fetch`; requests to the page's own origin also carry `X-CSRF: 1` and, unless the
 * body is `FormData` or the caller has set one, `X-Page-Context`. Requests to other origins are
 * handed on as they are, and `Content-Type` is never set.
 */
export function fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;

/** Asks the gate who is signed in. Throws if the gate cannot be reached or fails. */
export function user(): Promise<Session>;

/**
 * Reads a `text/event-stream` body to the letter of the HTML standard. Throws when the stream
 * breaks or `signal` fires; leaving the loop early closes the connection.
 */
export function events(
  response: Response,
  options?: { signal?: AbortSignal },
): AsyncGenerator<ServerEvent, void, undefined>;
