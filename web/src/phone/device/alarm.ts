/** A noise that is heard through a door. */

/** Two tones in turn, and the phone shakes, until it is stopped. */
export class Alarm {
  private constructor(
    private readonly audio: AudioContext,
    private readonly timer: ReturnType<typeof setInterval>,
  ) {}

  static start(): Alarm {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    tone.type = "square";
    tone.connect(audio.destination);
    tone.start();
    let high = false;
    const turn = () => {
      high = !high;
      tone.frequency.setValueAtTime(high ? 2_900 : 1_800, audio.currentTime);
      if ("vibrate" in navigator) navigator.vibrate(300);
    };
    turn();
    return new Alarm(audio, setInterval(turn, 350));
  }

  stop(): void {
    clearInterval(this.timer);
    void this.audio.close();
  }
}
