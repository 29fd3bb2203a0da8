/**
 * Why no usable answer came. `network`: refused, reset, not found, TLS; `deadline`: too slow; `credentials`: the
 * kubeconfig or its plugin failed; `breaker`: not asked, because it failed before; `busy`: too many requests wait;
 * `too-large`: the answer exceeds its bound; `garbage`: it is not what was asked for.
 */
export type ConnectionFault = 'network' | 'deadline' | 'credentials' | 'breaker' | 'busy' | 'too-large' | 'garbage';

export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly fault: ConnectionFault;
  constructor(fault: ConnectionFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** The connection's fault behind an error, however often it was translated. */
export function faultOf(error: unknown): ConnectionFault | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ConnectionError) return at.fault;
  }
  return undefined;
}
