#!/usr/bin/env python3
"""Gridbourse as a parallel environment of PettingZoo, for learning by reinforcement:

    from gridbourse_env import GridbourseEnv
    env = GridbourseEnv("village.yaml", settings=["days=1"])
    observations, infos = env.reset(seed=1)
    while env.agents:
        actions = {agent: env.action_space(agent).sample() for agent in env.agents}
        observations, rewards, terminations, truncations, infos = env.step(actions)

A step is one batch of orders: agents that are asked in it (observation[0] is 1) quote by their
action, those of the others count for nothing. An agent is a meter, `meter_0` first.

action       one number from 0 to 1: how far its quotes lie from its reserve (0) towards the price of
             the grid (1), its own of the slot where tariffs differ
observation  asked (0 or 1); sells (0 or 1); its reserve; where its order stands; share of the time
             until the gate that is over; last price heard. Prices are shares of the band, -1 where
             there is none
reward       what it gained since the step before, in currency. reward="bills": saved against trading
             with the grid alone, in the slots that were billed since; reward="fills": of its own
             trades that its node has heard of since, against the grid's prices, which comes sooner
             and knows no imbalance
infos        of each agent "fills" (side, energy_wh, price) and "receipts" (part, action, answer) that
             its node has heard of since the step before

It needs numpy, gymnasium and pettingzoo (pip). The simulator runs as a program beside this one, with
`agents.strategy: process`; its other end is this file, which hands lines on.
"""
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

OBSERVED = 6
PROTOCOL_VERSION = 3


def bridge(path):
    """What the simulator starts: hands its lines to the environment, and back."""
    link = socket.socket(socket.AF_UNIX)
    link.connect(path)

    def forward(take, give, end):
        while data := take():
            give(data)
        end()

    inward = threading.Thread(
        target=forward,
        args=(lambda: link.recv(65536), lambda data: write_all(1, data), lambda: os._exit(0)),
        daemon=True,
    )
    inward.start()
    forward(lambda: os.read(0, 65536), link.sendall, lambda: link.shutdown(socket.SHUT_WR))
    inward.join()


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data):]


if __name__ == "__main__":
    bridge(sys.argv[1])
    sys.exit(0)

import numpy as np  # the bridge starts quicker without them
from gymnasium import spaces
from pettingzoo import ParallelEnv


class GridbourseEnv(ParallelEnv):
    metadata = {"name": "gridbourse_v0", "render_modes": []}
    render_mode = None

    def __init__(self, scenario, settings=(), program="gridbourse", output=None, reward="bills"):
        """scenario: a file; settings: "key=value"; output: keep the result of the run here."""
        if reward not in ("bills", "fills"):
            raise ValueError(f'expected reward="bills" or reward="fills", got {reward!r}')
        self.reward = reward
        self.scenario, self.settings, self.program = scenario, list(settings), program
        self.output = output
        self.agents, self.possible_agents = [], []
        self._process = self._lines = self._link = self._folder = None
        self.reset()  # who the agents are, the simulator says

    # ---- spaces

    def observation_space(self, agent):
        return self._observation_spaces[agent]

    def action_space(self, agent):
        return self._action_spaces[agent]

    def _make_spaces(self):
        self.possible_agents = [f"meter_{i}" for i in range(self._facts["meters"])]
        self._observation_spaces = {
            agent: spaces.Box(-1.0, 1.0, (OBSERVED,), np.float32) for agent in self.possible_agents
        }
        self._action_spaces = {
            agent: spaces.Box(0.0, 1.0, (1,), np.float32) for agent in self.possible_agents
        }

    # ---- the parallel API

    def reset(self, seed=None, options=None):
        self.close()
        self._start(seed)
        self._facts = self._receive()
        if self._facts["version"] != PROTOCOL_VERSION:
            raise RuntimeError(
                f"the simulator speaks version {self._facts['version']} of the protocol, "
                f"expected {PROTOCOL_VERSION}"
            )
        self._tariffs = {}  # of slots that are not billed yet, by meter, where they differ
        if len(self.possible_agents) != self._facts["meters"]:
            self._make_spaces()
        self.agents = list(self.possible_agents)
        self._send({"id": 0})
        self._advance()
        return self._observe(), self._infos()

    def step(self, actions):
        batch = self._batch
        quotes = [
            self._quote(batch["slot"], meter, side, reserve,
                        float(np.asarray(actions[f"meter_{meter}"]).reshape(-1)[0]))
            for meter, side, reserve in zip(batch["meter"], batch["side"], batch["reserve"])
        ]
        self._send({"id": batch["id"], "quote": quotes})
        self._advance()
        observations, infos, acted = self._observe(), self._infos(), self.agents
        is_over = self._batch is None
        rewards = {agent: self._gained[i] for i, agent in enumerate(acted)}
        if is_over:
            self.agents = []
        return (
            observations,
            rewards,
            {agent: is_over for agent in acted},
            {agent: False for agent in acted},
            infos,
        )

    def render(self):
        return None

    def close(self):
        """Ends the run, finished or not."""
        for end in (self._lines, self._link):
            if end:
                end.close()
        if self._process:
            if self._process.poll() is None:
                self._process.terminate()
            self._process.wait()
        if self._folder:
            shutil.rmtree(self._folder)
        self._process = self._lines = self._link = self._folder = None
        self.agents = []

    # ---- prices

    def _share(self, price):
        feed_in, retail = self._facts["feed_in"], self._facts["retail"]
        return -1.0 if price is None else (price - feed_in) / max(retail - feed_in, 1e-6)

    def _tariff(self, slot, meter):
        """Feed-in and retail of a meter in a slot, as it was told when it was asked to quote."""
        everybody = self._facts["feed_in"], self._facts["retail"]
        return self._tariffs.get(slot, {}).get(meter, everybody)

    def _note_tariffs(self, batch):
        if "feed_in" in batch:
            for meter, *own in zip(batch["meter"], batch["feed_in"], batch["retail"]):
                self._tariffs.setdefault(batch["slot"], {})[meter] = own

    def _quote(self, slot, meter, side, reserve, action):
        feed_in, retail = self._tariff(slot, meter)
        end = retail if side == "sell" else feed_in
        return reserve + min(max(action, 0.0), 1.0) * (end - reserve)

    def _observe(self):
        seen = np.full((len(self.agents), OBSERVED), -1.0, np.float32)
        seen[:, :2] = 0
        batch = self._batch or {"meter": []}
        n = len(batch["meter"])
        columns = zip(
            batch["meter"],
            batch.get("side", []),
            batch.get("reserve", []),
            batch.get("standing", [None] * n),
            batch.get("elapsed", [0.0] * n),
            batch.get("last_price", [None] * n),
        )
        for meter, side, reserve, standing, elapsed, last in columns:
            seen[meter] = [1, side == "sell", self._share(reserve), self._share(standing), elapsed,
                           self._share(last)]
        return {agent: seen[i] for i, agent in enumerate(self.agents)}

    def _infos(self):
        return {
            agent: {"fills": self._fills[i], "receipts": self._receipts[i]}
            for i, agent in enumerate(self.agents)
        }

    # ---- the simulator

    def _start(self, seed):
        self._folder = tempfile.mkdtemp(prefix="gridbourse-")
        path = os.path.join(self._folder, "link")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(1)
        words = [sys.executable, os.path.abspath(__file__), path]
        command = f"exec {shlex.join(words)}"
        arguments = [self.program, "run", self.scenario, "--quiet",
                     "-o", self.output or os.path.join(self._folder, "result.h5")]
        if seed is not None:
            arguments += ["--seed", str(seed)]
        for setting in [*self.settings, "agents.strategy=process", f"agents.process={command}",
                        "agents.process_timeout=1 h"]:
            arguments += ["--set", setting]
        with open(os.path.join(self._folder, "said"), "w", encoding="utf-8") as said:
            self._process = subprocess.Popen(arguments, stderr=said)
        listener.settimeout(0.05)
        while self._link is None:
            try:
                self._link = listener.accept()[0]
            except TimeoutError:
                if self._process.poll() is not None:
                    listener.close()
                    self._fail()
        listener.close()
        self._link.settimeout(None)
        self._lines = self._link.makefile("r", encoding="utf-8")

    def _fail(self):
        code = self._process.wait()
        with open(os.path.join(self._folder, "said"), encoding="utf-8") as file:
            said = file.read().strip()
        self.close()
        raise RuntimeError(f"the simulator ended with status {code}: {said}")

    def _receive(self):
        line = self._lines.readline()
        if not line:
            self._fail()
        return json.loads(line)

    def _send(self, reply):
        try:
            self._link.sendall((json.dumps(reply) + "\n").encode())
        except BrokenPipeError:
            self._fail()

    def _advance(self):
        """To the next batch that is to be quoted; None when the run is over."""
        self._batch, self._gained = None, [0.0] * len(self.agents)
        self._fills, self._receipts = [[] for _ in self.agents], [[] for _ in self.agents]
        while True:
            message = self._receive()
            if message["type"] in ("quote", "requote"):
                self._batch = message
                self._note_tariffs(message)
                return
            if message["type"] == "close":
                self._link.shutdown(socket.SHUT_WR)
                if self._process.wait() != 0:
                    self._fail()
                return
            if message["type"] == "observe":
                self._hear(message)
            if message["type"] != "reward":
                continue
            self._tariffs.pop(message["slot"], None)
            if self.reward == "bills":
                for i, (cost, grid) in enumerate(zip(message["cost"], message["cost_grid_only"])):
                    self._gained[i] += grid - cost

    def _hear(self, news):
        for fill in news["fills"]:
            meter = fill.pop("meter")
            self._fills[meter].append(fill)
            if self.reward == "fills":
                feed_in, retail = self._tariff(news["slot"], meter)
                better = (
                    fill["price"] - feed_in if fill["side"] == "sell" else retail - fill["price"]
                )
                self._gained[meter] += better * fill["energy_wh"] / 1000
        for receipt in news["receipts"]:
            self._receipts[receipt.pop("meter")].append(receipt)
