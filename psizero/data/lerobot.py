"""LeRobot data sets: `LeRobotDataset` reads versions 2.1 and 3.0, `LeRobotWriter` writes 3.0.

No lerobot package is needed; what we write is what it reads. One episode is one
parquet file and one mp4 per camera. A data set of ours holds a little more than
others: the layout (in info.json under `psizero`), the time at which each stream
was sampled (columns `time.*`) and facts about each episode (`psizero/info` in the
table of episodes).
"""

from psizero.data.lerobot_reader import EpisodeInfo, LeRobotDataset, VideoSpan
from psizero.data.lerobot_writer import LeRobotWriter

__all__ = ["EpisodeInfo", "LeRobotDataset", "LeRobotWriter", "VideoSpan"]
