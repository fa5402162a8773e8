package dev.gatehouse.demo;

import java.util.Optional;
import java.util.stream.Stream;

/// Who can sign in to the demo: roles, not people.
public enum DemoUser {
  READER("demo-reader", "Demo Reader", "reader@example.com"),
  EDITOR("demo-editor", "Demo Editor", "editor@example.com");

  private final String subject;
  private final String fullName;
  private final String email;

  DemoUser(String subject, String fullName, String email) {
    this.subject = subject;
    this.fullName = fullName;
    this.email = email;
  }

  static Optional<DemoUser> of(String subject) {
    return Stream.of(values()).filter(user -> user.subject.equals(subject)).findFirst();
  }

  /// The `sub` claim.
  public String subject() {
    return subject;
  }

  /// The `name` claim.
  public String fullName() {
    return fullName;
  }

  /// The `email` claim.
  public String email() {
    return email;
  }
}
