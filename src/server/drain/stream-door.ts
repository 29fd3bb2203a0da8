/** Where streams come in: each can be asked to go on at another replica. */
export interface StreamDoor {
  /** Open ones, and those that are about to be or not quite over. */
  readonly count: number;
  /** From now on whoever wants a new stream is told to come back, which leads it to another replica. */
  closeEntrance(): void;
  /** How to move each that is open and was not asked yet; one that was asked is not in it any more. */
  unmoved(): readonly (() => void)[];
}
