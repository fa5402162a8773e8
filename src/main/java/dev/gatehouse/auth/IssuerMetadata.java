package dev.gatehouse.auth;

import java.net.URI;
import tools.jackson.databind.node.ObjectNode;

/// What an issuer says about itself (RFC 8414, OpenID Connect Discovery).
record IssuerMetadata(String issuer, IssuerHttp http) {

  /// The address that the metadata has under this name, asked for now.
  URI address(String member) throws IssuerException {
    IssuerHttp.Answer answer = http.get(openIdMetadata());
    if (answer.status() != 200) {
      answer = http.get(oauthMetadata());
    }
    ObjectNode metadata =
        StrictJson.object(IssuerHttp.body(answer))
            .orElseThrow(() -> new IssuerException(RefreshResult.MALFORMED));
    if (!metadata.path("issuer").stringValue("").equals(issuer)) {
      throw new IssuerException(RefreshResult.WRONG_ISSUER);
    }
    return checked(metadata.path(member).stringValue(""));
  }

  private URI openIdMetadata() {
    return URI.create(withoutSlash(issuer) + "/.well-known/openid-configuration");
  }

  // RFC 8414, 3.1: the well-known part stands between host and path.
  private URI oauthMetadata() {
    URI base = URI.create(issuer);
    String path = withoutSlash(base.getRawPath());
    return base.resolve("/.well-known/oauth-authorization-server" + path);
  }

  private URI checked(String text) throws IssuerException {
    try {
      URI address = URI.create(text);
      boolean asSafeAsIssuer =
          "https".equals(address.getScheme())
              || ("http".equals(address.getScheme()) && issuer.startsWith("http:"));
      if (asSafeAsIssuer && address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw new IssuerException(RefreshResult.MALFORMED, e);
    }
    throw new IssuerException(RefreshResult.MALFORMED);
  }

  private static String withoutSlash(String text) {
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
