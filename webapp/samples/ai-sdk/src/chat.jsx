import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport } from "ai";
import { useState } from "react";
import { aiSdk, configure } from "@gatehouse/client";
import { useGatehouseUser } from "@gatehouse/client/react";

const transport = new DefaultChatTransport(aiSdk("/api/chat"));

export function Chat() {
  const { status, session, refresh } = useGatehouseUser();
  // A session can also end in the middle of a conversation.
  configure({ onUnauthorized: refresh });
  if (status === "loading") return <p role="status">Loading…</p>;
  if (status === "error") return <p role="alert">The server cannot be reached.</p>;
  if (!session.authenticated) return <p role="alert"><a href="/login">Sign in</a> to ask.</p>;
  return <Conversation name={session.name ?? session.id} />;
}

function Conversation({ name }) {
  const { messages, sendMessage, regenerate, status, stop, error } = useChat({ transport });
  const [text, setText] = useState("");
  const busy = status === "submitted" || status === "streaming";

  function submit(event) {
    event.preventDefault();
    if (busy || text.trim() === "") return;
    sendMessage({ text });
    setText("");
  }

  return (
    <>
      <p>{name ? `Hello ${name}` : "Hello"}</p>
      <ol role="log" aria-busy={busy}>
        {messages.map((message) => (
          <li key={message.id} className={message.role}>
            {message.parts.map((part) => (part.type === "text" ? part.text : ""))}
          </li>
        ))}
      </ol>
      {error && (
        <p role="alert">
          The answer is not complete. <button onClick={() => regenerate()}>Try again</button>
        </p>
      )}
      <form onSubmit={submit}>
        <input aria-label="Your message" value={text} onChange={(event) => setText(event.target.value)} />
        {busy ? <button type="button" onClick={stop}>Stop</button> : <button>Send</button>}
      </form>
    </>
  );
}
