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
      /** Only where the gate leaves it to the agent whether the token is good: it knows no user then. */
      verified?: false;
      id?: string;
      name?: string;
      email?: string;
      /**
       * When the session ends, as an ISO 8601 instant such as `2030-01-31T09:30:00Z`; absent where
       * the gate is not told.
       */
      expiresAt?: string;
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
  /**
   * Called with a copy of every 401 by which the gate says that there is no session any more (a
   * problem document with the code `not-authenticated`, `invalid-token` or `token-expired`), before
   * `fetch` returns it. An agent's own 401 ends no session and is only returned. What this throws is
   * a warning on the console.
   */
  onUnauthorized?: (response: Response) => void;
}

/** What `GET /bff/config` tells a page: nothing secret. */
export interface RunTimeConfig {
  routes: { path: string; protocol: string }[];
  /** Only where a domain key is configured. */
  chatkit?: { domainKey: string };
}

/**
 * Tells more about the page, at the moment of each request; `undefined` if there is nothing to
 * tell. The members have to be what JSON can hold.
 */
export type ContextSource = () => object | null | undefined;

export interface ScriptOptions {
  /** Where the script comes from; ChatKit's own address unless set. */
  src?: string;
  /** The nonce of the page's content security policy, if it works with nonces. */
  nonce?: string;
  /** Milliseconds until a script that does not answer counts as failed; 10,000 unless set. */
  timeout?: number;
}

/** The `api` member of ChatKit's options, for a server of one's own. */
export interface ChatKitApi {
  url: string;
  domainKey: string;
  uploadStrategy?: { type: "two_phase" } | { type: "direct"; uploadUrl: string };
}

/** Changes the options named in `changes` and leaves the others. */
export function configure(changes: Options): void;

/**
 * The context of the page as it is now, each field cut so that the encoded header stays below
 * 8 KiB; `undefined` where there is no document. Subtrees marked `data-gatehouse-ignore` are left
 * out.
 */
export function pageContext(): PageContext | undefined;

/**
 * Adds the members of what `source` returns to the context of every request of `fetch`; where names
 * meet, the later registered wins. A source that throws or returns no object is left out, and so is
 * a member that would make the header larger than 8 KiB or the context deeper than 64 levels, with
 * a warning on the console; the request goes on without. Returns what takes it back. Does nothing
 * where there is no document.
 */
export function registerContext(source: ContextSource): () => void;

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
 * Asks the gate what a page needs at run time; `{ routes: [] }` from a gate that does not know the
 * question. Throws if the gate cannot be reached or fails.
 */
export function config(): Promise<RunTimeConfig>;

/**
 * Waits until the custom element `tag` is defined: `ready`, or `error` once `timeout` milliseconds
 * (10,000 unless set) are over, for a name no element can have, and where there is no document.
 */
export function ready(tag: string, options?: { timeout?: number }): Promise<"ready" | "error">;

/**
 * Loads ChatKit's script unless it is there, once however often it is called; a script element with
 * the same address is waited for and not repeated. `error` if it is blocked, cannot be reached or is
 * late; another call then tries again, with an element of its own.
 */
export function loadChatKit(options?: ScriptOptions): Promise<"ready" | "error">;

/**
 * ChatKit's options: `element.setOptions(chatkit((await config()).chatkit))`. The address is
 * `/api/chatkit` unless set.
 *
 * @throws TypeError without a `domainKey`, which ChatKit requires
 */
export function chatkit(api?: Partial<ChatKitApi>): {
  api: ChatKitApi & { fetch: typeof fetch };
};

/** For the AI SDK: `new DefaultChatTransport(aiSdk())`. The address is `/api/chat` unless set. */
export function aiSdk(api?: string): {
  api: string;
  fetch: typeof fetch;
  credentials: "same-origin";
};

/** For AG-UI: `new HttpAgent(agUi())`. The address is `/api/ag-ui` unless set. */
export function agUi(url?: string): { url: string; fetch: typeof fetch };

/** For MCP: `new StreamableHTTPClientTransport(new URL("/api/mcp", location.href), mcp())`. */
export function mcp(): { fetch: typeof fetch };

/**
 * Reads a `text/event-stream` body to the letter of the HTML standard. Throws when the stream
 * breaks or `signal` fires; leaving the loop early closes the connection.
 */
export function events(
  response: Response,
  options?: { signal?: AbortSignal },
): AsyncGenerator<ServerEvent, void, undefined>;
