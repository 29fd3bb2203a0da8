/** The gateway cannot start for a reason that its operator can cure; the message is one line. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
