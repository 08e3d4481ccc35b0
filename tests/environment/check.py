"""What PettingZoo's parallel API promises, of the environment in a folder that is given: whole
episodes in which every agent quotes its reserve. The packages are stand-ins (beside this file):
they are not in Debian."""
import sys

import numpy as np

folder = sys.argv[1]
sys.path.insert(0, folder)
from gridbourse_env import GridbourseEnv  # noqa: E402
from pettingzoo import ParallelEnv  # noqa: E402


def episode(env, action, seed):
    """Plays one; returns every agent's observations and rewards, and checks what is promised."""
    observations, infos = env.reset(seed=seed)
    agents = list(env.agents)
    assert agents == env.possible_agents and agents[0] == "meter_0"
    assert set(observations) == set(infos) == set(agents)
    seen, saved, n_asked, steps, n_fills = [], 0.0, 0, 0, 0
    while env.agents:
        for agent in env.agents:
            assert env.observation_space(agent).contains(observations[agent]), observations[agent]
            n_asked += observations[agent][0] == 1
        seen.append(np.stack([observations[agent] for agent in agents]))
        actions = {agent: np.array([action], np.float32) for agent in env.agents}
        assert all(env.action_space(agent).contains(actions[agent]) for agent in actions)
        step = env.step(actions)
        assert len(step) == 5 and all(set(part) == set(agents) for part in step)
        observations, rewards, terminations, truncations, infos = step
        saved += sum(rewards.values())
        n_fills += sum(len(info["fills"]) for info in infos.values())
        assert not any(truncations.values())
        assert all(terminations.values()) == (not env.agents) == any(terminations.values())
        steps += 1
    return np.stack(seen), saved, n_asked, steps, n_fills


env = GridbourseEnv(f"{folder}/small.yaml", output=f"{folder}/env.h5")
assert isinstance(env, ParallelEnv)
assert env.observation_space("meter_1") is env.observation_space("meter_1")
assert env.action_space("meter_1") is env.action_space("meter_1")
seen, _, n_asked, steps, _ = episode(env, 1.0, 3)
assert steps == 16 and n_asked > 16, (steps, n_asked)
again, saved, n_asked, _, n_fills = episode(env, 0.0, 3)
assert np.array_equal(seen[0], again[0])  # no action has been taken yet
assert n_fills > 0
env.close()
env.close()

# At one price, where all ask for all there is, nobody meets anybody.
once = GridbourseEnv(f"{folder}/small.yaml", settings=["market.mechanism=uniform"])
greedy, modest = episode(once, 1.0, 3), episode(once, 0.0, 3)
assert greedy[1] == 0 and greedy[4] == 0, greedy[1:]
assert modest[1] != 0 and modest[4] > 0, modest[1:]
once.close()

other = GridbourseEnv(f"{folder}/small.yaml", settings=["slots=2"])
first, _ = other.reset(seed=4)
assert any(not np.array_equal(first[agent], seen[0][i]) for i, agent in enumerate(other.agents))
other.close()

# Without imbalance, which only bills know, fills gain what bills save.
settings = ["forecast.kind=perfect"]
by = {reward: GridbourseEnv(f"{folder}/small.yaml", settings=settings, reward=reward)
      for reward in ("bills", "fills")}
gains = {reward: episode(env, 0.0, 3) for reward, env in by.items()}
assert gains["fills"][1] > 0 and abs(gains["fills"][1] - gains["bills"][1]) < 1e-6, gains
assert gains["fills"][4] == gains["bills"][4] > 0

try:
    GridbourseEnv(f"{folder}/absent.yaml")
except RuntimeError as error:
    assert "absent.yaml" in str(error), error
else:
    raise AssertionError("a scenario that is not there went unnoticed")
print(f"saved {saved:.4f}")
