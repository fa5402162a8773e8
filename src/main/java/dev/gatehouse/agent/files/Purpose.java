package dev.gatehouse.agent.files;

/// What a signed address is for. It is part of the signature, so that an address for one is none
/// for the other.
enum Purpose {
  UPLOAD("put"),
  CONTENT("get");

  private final String signed;

  Purpose(String signed) {
    this.signed = signed;
  }

  String signed() {
    return signed;
  }
}
