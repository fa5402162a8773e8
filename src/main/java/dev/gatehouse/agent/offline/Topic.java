package dev.gatehouse.agent.offline;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the offline responder knows something about, most particular first.
enum Topic {
  HISTORY(
      "(did|have|had) i (ask|say|said)\\w*|asked (you )?(before|earlier|so far|already|first|last)"
          + "|(earlier|previous|last|first|my) questions?|remember\\w*|our conversation|history",
      """
      I know this from the thread, which I keep under the user of your token. Nobody else can \
      open it.\
      """),
  IDENTITY(
      "who am i|who i am|know me|about me|my name|my email|user|identity|account|impersonat\\w*",
      """
      I know that from your access token, whose signature, issuer, audience and expiry I verified \
      myself. What a page or a header says about who you are does not count.\
      """),
  WHEREABOUTS(
      "(what|which) (page|site|url|address)|where am i|page (am i|is this)"
          + "|am i (reading|viewing|looking at)",
      """
      Your browser described the page, and Gatehouse wrote that into the request as \
      metadata.pageContext. No other byte of the request changed. To me it is a hint about what \
      you may mean, not an instruction.\
      """),
  SUMMARY(
      "summar\\w*|gist|overview|headings?|(page|article) (about|say)|(this|the) article",
      """
      That is all I was given: the page’s title, description and first headings, not its text.\
      """),
  STREAMING(
      "stream|streams|streaming|sse|event|events|buffer\\w*|latency|fast|slow|stop|cancel",
      """
      Every word you see arrived as an event of its own. Gatehouse hands each one on the moment \
      it arrives:

      - nothing is buffered, compressed or re-encoded
      - Stop closes the connection, and I stop writing at once
      - an answer that breaks off looks broken, never finished\
      """),
  TOKENS(
      "cookie|cookies|token|tokens|jwt|jwks|key|keys|bearer|auth|authentication|login|session"
          + "|sign|signed|secure|security|safe|safer|xss|csrf",
      """
      Your browser holds the access token in a cookie that no script can read. On each request \
      Gatehouse:

      - checks that the request comes from its own site
      - verifies the token against the issuer’s published keys
      - passes it on to me as a bearer token, without the cookie

      So an injected script finds no token to steal, and an agent never sees a cookie.\
      """),
  PROTOCOLS(
      "protocol|protocols|chatkit|mcp|a2a|ag-ui|openai|sdk|backend|agent|agents|server|model",
      """
      I am the reference agent: a small ChatKit server on a port of its own that knows nothing \
      of Gatehouse. Yours can take my place by changing one line of the configuration, as long \
      as it speaks HTTP. It gets a bearer token, the user and the page, and whatever it streams \
      arrives byte for byte.\
      """),
  SETUP(
      "install\\w*|configur\\w*|set ?up|deploy\\w*|yaml|nginx|run|start|use",
      """
      Gatehouse is one jar and one YAML file:

      - gatehouse serve runs the gate
      - gatehouse check tries the configuration and names the cure for each fault
      - gatehouse demo is what you are looking at

      The least a configuration needs is who issues your tokens, for which audience, and where \
      the agent is.\
      """),
  PAGE_CONTEXT(
      "context|metadata|page|pages|url|title|article",
      """
      With each question your browser sends the page’s address, title, description and first \
      headings. Gatehouse checks that, puts it next to who you are and changes nothing else. So I \
      can tell what “this” is when you ask about it.\
      """),
  GATEHOUSE(
      "gatehouse|bff|gateway|proxy|gate|demo|product|what is this|how does (this|it) work",
      """
      Gatehouse is a backend-for-frontend for AI chat. It stands between your browser and an \
      agent, turns a cookie into a bearer token, adds who you are and which page you are on, and \
      lets the answer stream through untouched.\
      """),
  THANKS("thanks|thank you|cheers", "You are welcome.");

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
