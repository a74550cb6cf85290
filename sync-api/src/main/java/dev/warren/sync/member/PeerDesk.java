// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.member;

import dev.warren.sync.Origin;
import dev.warren.sync.replica.Replica;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what other members send over the peer channel, answers it or hands it on. */
final class PeerDesk {

  private static final Logger LOG = LoggerFactory.getLogger(PeerDesk.class);

  private final MemberCore core;
  private final SnapshotServer server;

  PeerDesk(MemberCore core, Executor background) {
    this.core = core;
    this.server =
        new SnapshotServer(
            core.transport.peers(),
            background,
            core.applier,
            core.settings.maxTransferBytesPerSecond());
  }

  /** Now and then. */
  void tick(long nowMillis) {
    server.tick(nowMillis);
  }

  /** Snapshots that are being sent. */
  int transfers() {
    return server.underWay();
  }

  /**
   * Reads a message, before it is the applier's turn: that of a joiner has enough to do with what
   * stands in the chunks. Any thread.
   */
  static Optional<PeerMessage> decode(Origin from, byte[] bytes) {
    try {
      return Optional.of(PeerMessage.decode(bytes));
    } catch (IOException e) {
      LOG.debug("a peer message of {} was refused: {}", from, e.getMessage());
      return Optional.empty();
    }
  }

  void receive(Origin from, PeerMessage message) {
    if (core.phase == Phase.CLOSED) {
      return;
    }
    if (message instanceof PeerMessage.Who) {
      core.transport.peers().send(from, core.recovery.here().encode());
    } else if (message instanceof PeerMessage.Here here) {
      core.recovery.heard(from, here);
    } else if (message instanceof PeerMessage.Ask ask) {
      serve(from, ask);
    } else if (message instanceof PeerMessage.Credit credit) {
      server.credit(from, credit.transfer(), credit.received());
    } else if (message instanceof PeerMessage.Resume resume) {
      resume(from, resume);
    } else if (message instanceof PeerMessage.Done done) {
      server.done(from, done.transfer());
    } else if (message instanceof PeerMessage.Follow follow) {
      core.reports.follow(from, follow);
    } else if (message instanceof PeerMessage.Report report) {
      core.acknowledgements.heard(from, report);
    } else {
      core.recovery.received(from, message);
    }
  }

  private void serve(Origin to, PeerMessage.Ask ask) {
    Replica held = core.memory.replica();
    if (held == null || !isServing()) {
      core.transport.peers().send(to, new PeerMessage.Refuse(ask.transfer()).encode());
    } else {
      server.serve(to, ask.transfer(), SnapshotImage.cut(held, core.memory.checksum()));
    }
  }

  private void resume(Origin to, PeerMessage.Resume resume) {
    Replica held = core.memory.replica();
    boolean goesOn =
        held != null
            && isServing()
            && server.resume(to, resume.transfer(), resume.received(), held.epoch());
    if (!goesOn) {
      core.transport.peers().send(to, new PeerMessage.Refuse(resume.transfer()).encode());
    }
  }

  private boolean isServing() {
    return core.phase == Phase.READY && core.sender.isOpen();
  }
}
