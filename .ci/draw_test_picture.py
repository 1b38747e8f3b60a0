"""Draw one picture with MuJoCo off screen; exit status 0 means that it shows what it should."""

import sys

import mujoco

WORLD = """
<mujoco>
  <worldbody>
    <light pos="0 0 3"/>
    <geom type="sphere" size="0.5" rgba="1 0 0 1"/>
    <camera name="front" pos="0 -2 0" xyaxes="1 0 0 0 0 1"/>
  </worldbody>
</mujoco>
"""


def main() -> None:
    """Exit with 1 unless the red ball shows in the middle."""
    model = mujoco.MjModel.from_xml_string(WORLD)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    with mujoco.Renderer(model, 32, 32) as renderer:
        renderer.update_scene(data, camera="front")
        red, green, blue = renderer.render()[16, 16]
    sys.exit(not red > green + blue)


if __name__ == "__main__":
    main()
