/** A subscriber that was told RESYNC and then did not read for too long; transports close with 1013. */
export class SlowReaderError extends Error {
  override readonly name = 'SlowReaderError';
  constructor() {
    super('The stream was closed because it was not read. Come back with the last cursor.');
  }
}
