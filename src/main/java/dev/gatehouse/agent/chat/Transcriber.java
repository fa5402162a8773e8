package dev.gatehouse.agent.chat;

import java.io.IOException;

/// Makes text of what was dictated. A team that has a speech model gives one to the agent; there is
/// none by default.
public interface Transcriber {

  /// Understands a recording.
  ///
  /// @param audio a whole recording
  /// @param mimeType without parameters, such as `audio/webm`
  /// @throws IOException if nothing could be made of it
  String transcribe(byte[] audio, String mimeType) throws IOException;
}
