import type { ChatKitApi, fetch, ScriptOptions, Session } from "./gatehouse.js";

export type UserState =
  | { status: "loading" }
  | { status: "ready"; session: Session }
  | { status: "error"; error: Error };

export type ChatKitSetting = Partial<ChatKitApi> & ScriptOptions;

export type ChatKitState =
  | { status: "loading" }
  | { status: "ready"; options: { api: ChatKitApi & { fetch: typeof fetch } } }
  | { status: "error"; error: Error };

/**
 * Who is signed in. `refresh` asks again, for instance from `onUnauthorized`; until the answer is
 * there the last one stays.
 */
export function useGatehouseUser(): UserState & { refresh: () => void };

/**
 * ChatKit's options once its script is there, with the domain key of `GET /bff/config` unless the
 * setting has one. The setting is read at the first rendering. `error` without any domain key, and
 * when the script cannot be loaded: show something else then.
 */
export function useChatKitOptions(setting?: ChatKitSetting): ChatKitState;
