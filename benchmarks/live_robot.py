"""A simulated robot on the computer's clock, for benchmarks of what happens in real time."""

from dataclasses import replace

from psizero.clock import MonotonicClock
from psizero.sim.task import TaskEpisode
from psizero.types import JointCommand, Observation


class LiveRobot:
    """It is `Robot` and `Clock` at once; a simulation that is too slow shows as lateness."""

    def __init__(self, episode: TaskEpisode) -> None:
        self._episode = episode
        self._clock = MonotonicClock()
        self._zero = self._clock.now() - episode.now()

    def now(self) -> float:
        """Time of the computer's clock (s)."""
        return self._clock.now()

    def sleep_until(self, deadline: float) -> None:
        """Simulate up to `deadline` (s) and then wait for it."""
        self._episode.sleep_until(deadline - self._zero)
        self._clock.sleep_until(deadline)

    def observe(self) -> Observation:
        """Return what the robot senses, with the time of the computer's clock: it is of this instant."""
        seen, now = self._episode.robot.observe(), self.now()
        return replace(seen, time=now, image_times=dict.fromkeys(seen.image_times, now))

    def command(self, command: JointCommand) -> None:
        """Pass the command on, in simulated time."""
        self._episode.robot.command(replace(command, valid_until=command.valid_until - self._zero))

    def stop(self) -> None:
        """Damp every joint."""
        self._episode.robot.stop()
