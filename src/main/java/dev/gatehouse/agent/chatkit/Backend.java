package dev.gatehouse.agent.chatkit;

import dev.gatehouse.agent.chat.Attachments;
import dev.gatehouse.agent.chat.Responder;
import dev.gatehouse.agent.chat.Threads;
import dev.gatehouse.agent.chat.Toolboxes;
import dev.gatehouse.agent.chat.Transcriber;
import dev.gatehouse.agent.chat.Uploads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// What a ChatKit endpoint needs behind it.
///
/// @param historyItems how many items of a thread a responder gets to see
/// @param turnsPerPerson how many turns of one person may be under way
/// @param writeLimit how long a client may take for what is written to it
/// @param storeLimit for how long to try again what the store did not take
/// @param clock in milliseconds, as times are kept
/// @param transcriber empty where nothing can be dictated
public record Backend(
    Threads threads,
    Attachments attachments,
    Uploads uploads,
    Responder responder,
    Toolboxes toolboxes,
    Optional<Transcriber> transcriber,
    int historyItems,
    int turnsPerPerson,
    Duration writeLimit,
    Duration storeLimit,
    InstantSource clock) {

  Lookups lookups(Floor floor, Wire wire) {
    return new Lookups(floor, threads, uploads, responder, transcriber, wire, clock);
  }

  Turns turns(Floor floor) {
    Keeper keeper = new Keeper(floor, storeLimit);
    Answering answering =
        new Answering(threads, uploads, responder, toolboxes, keeper, historyItems, clock);
    return new Turns(floor, threads, new Shelf(attachments, uploads), answering, clock);
  }
}
