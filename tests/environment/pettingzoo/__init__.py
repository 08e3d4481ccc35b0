"""A stand-in for the package pettingzoo: the methods and attributes of its parallel environment, all
of which an environment has to bring itself."""


class ParallelEnv:
    metadata: dict
    agents: list
    possible_agents: list

    def reset(self, seed=None, options=None):
        raise NotImplementedError

    def step(self, actions):
        raise NotImplementedError

    def observation_space(self, agent):
        raise NotImplementedError

    def action_space(self, agent):
        raise NotImplementedError

    @property
    def num_agents(self):
        return len(self.agents)

    @property
    def max_num_agents(self):
        return len(self.possible_agents)
