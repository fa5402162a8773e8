// @ts-check
import { useCallback, useEffect, useState } from "react";
import { chatkit, config, loadChatKit, user } from "./gatehouse.js";

/**
 * Hooks over `gatehouse.js`; React is the page's own. Types and contracts are in
 * `gatehouse-react.d.ts`.
 *
 * @typedef {import("./gatehouse-react.d.ts").ChatKitSetting} ChatKitSetting
 */

/** @returns {import("./gatehouse-react.d.ts").UserState & {refresh: () => void}} */
export function useGatehouseUser() {
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((last) => last + 1), []);
  const load = useCallback(async () => ({ session: await user() }), [round]);
  return { ...useLoaded(load), refresh };
}

/**
 * @param {ChatKitSetting} [setting]
 * @returns {import("./gatehouse-react.d.ts").ChatKitState}
 */
export function useChatKitOptions(setting) {
  const [first] = useState(setting);
  const load = useCallback(async () => ({ options: await chatKitOptions(first) }), [first]);
  return useLoaded(load);
}

/** @param {ChatKitSetting} [setting] */
async function chatKitOptions({ url, domainKey, uploadStrategy, ...script } = {}) {
  const key = domainKey ?? (await config()).chatkit?.domainKey;
  // Without undefined members: ChatKit refuses options it does not know.
  const api = { domainKey: key, ...(url && { url }), ...(uploadStrategy && { uploadStrategy }) };
  const options = chatkit(api);
  if ((await loadChatKit(script)) === "error") throw new Error("ChatKit's script cannot be loaded");
  return options;
}

/**
 * Earlier content stays in view while something is loaded again.
 *
 * @template {object} T
 * @param {() => Promise<T>} load
 * @returns {any}
 */
function useLoaded(load) {
  const [state, setState] = useState(/** @type {object} */ ({ status: "loading" }));
  useEffect(() => {
    let awaited = true;
    load().then(
      (content) => awaited && setState({ status: "ready", ...content }),
      (error) => awaited && setState({ status: "error", error }),
    );
    return () => {
      awaited = false;
    };
  }, [load]);
  return state;
}
