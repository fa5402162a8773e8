package dev.gatehouse.auth;

/// Told how it goes with the issuers, such as for metrics. All words are of the configuration or of
/// this package.
public interface AuthListener {

  /// One that takes no notice.
  AuthListener NONE =
      new AuthListener() {
        @Override
        public void keysRefreshed(String issuer, RefreshResult result) {}

        @Override
        public void introspected(String result) {}
      };

  /// An attempt to fetch signing keys ended.
  ///
  /// @param issuer as configured
  void keysRefreshed(String issuer, RefreshResult result);

  /// The issuer was asked about a token.
  ///
  /// @param result `active`, `inactive`, or the text of a [RefreshResult] that is a failure
  void introspected(String result);
}
