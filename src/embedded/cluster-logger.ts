/** Where the cluster reports to; the shape of pino's methods. */
export interface ClusterLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export const silentLogger: ClusterLogger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
