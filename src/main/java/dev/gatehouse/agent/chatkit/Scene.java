package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.PageContext;
import dev.gatehouse.agent.http.Caller;
import java.util.Locale;

/// Where a turn takes place: who asks, from which page, in which language, and who listens.
record Scene(Caller caller, PageContext page, Locale locale, EventStream events) {

  String owner() {
    return caller.person().subject();
  }
}
