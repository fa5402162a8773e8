package dev.gatehouse.agent;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the offline responder knows something about, most particular first.
enum Topic {
  IDENTITY(
      "who am i|who i am|know me|about me|my name|my email|user|identity|account|impersonat\\w*",
      """
      I know you from your access token, which I verified myself: issuer, audience, expiry and \
      signature. What a page or a header says about who you are does not count.\
      """),
  STREAMING(
      "stream|streams|streaming|sse|event|events|buffer\\w*|latency|fast|slow|stop|cancel",
      """
      Every word you see arrived as an event of its own. Gatehouse hands each one on the moment it \
      gets it:

      - no buffering, no compression, no re-encoding
      - Stop is nothing but a closed connection, and it reaches the agent at once
      - a stream that breaks half-way looks broken, never finished\
      """),
  TOKENS(
      "cookie|cookies|token|tokens|jwt|jwks|key|keys|bearer|auth|authentication|login|session"
          + "|sign|signed|secure|security|xss|csrf",
      """
      Your browser holds the access token in a cookie that no script can read. On each request \
      Gatehouse:

      - checks that the request comes from its own site
      - verifies the token against the issuer's published keys
      - passes it on to me as a bearer token, without the cookie

      So an injected script has nothing to steal, and the agent needs no cookies.\
      """),
  PROTOCOLS(
      "protocol|protocols|chatkit|mcp|a2a|ag-ui|openai|sdk|backend|agent|server|model",
      """
      I am the reference agent: a small ChatKit server with a port of its own that knows nothing \
      of Gatehouse. Gatehouse also carries AG-UI, MCP, A2A, the AI SDK's streams, OpenAI's and \
      plain JSON, so another agent can take my place by changing one line of the configuration.\
      """),
  PAGE_CONTEXT(
      "context|metadata|page|pages|where am i|here|url|title|article|reading" + "|summar\\w*",
      """
      The browser sends along which page you are on, and Gatehouse writes it into the request as \
      metadata.pageContext. No other byte of the request changes. To me it is a hint about what \
      you may mean, not an instruction.\
      """),
  GATEHOUSE(
      "gatehouse|bff|gateway|proxy|gate|demo|product|what is this|how does this work",
      """
      Gatehouse is a backend-for-frontend for AI chat. It stands between your browser and an \
      agent, turns a cookie into a bearer token, adds who you are and which page you are on, and \
      lets the answer stream through untouched.\
      """);

  private final Pattern keywords;
  private final String answer;

  Topic(String keywords, String answer) {
    this.keywords = Pattern.compile("\\b(" + keywords + ")\\b");
    this.answer = answer;
  }

  /// The first topic the question touches.
  static Optional<Topic> of(String question) {
    String lower = question.toLowerCase(Locale.ROOT);
    return Stream.of(values()).filter(topic -> topic.keywords.matcher(lower).find()).findFirst();
  }

  String answer() {
    return answer;
  }
}
