/** One cause of a refusal, as in `Status.details.causes`. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string | undefined;
}

/** What an API server said with an HTTP status of 400 or more. Stands as `cause` behind answer errors. */
export class KubeStatusError extends Error {
  override readonly name = 'KubeStatusError';
  readonly status: number;
  /** `NotFound`, `AlreadyExists`, … or empty where the body was not a Status. */
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  /** `details.name`: the object it is about; undefined where it is about the kind or the request. */
  readonly objectName: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  constructor(
    status: number,
    message: string,
    details: Pick<KubeStatusError, 'reason' | 'causes' | 'objectName' | 'retryAfterSeconds'>,
  ) {
    super(message);
    this.status = status;
    this.reason = details.reason;
    this.causes = details.causes;
    this.objectName = details.objectName;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** The status error behind an error, however often it was translated. */
export function statusErrorOf(error: unknown): KubeStatusError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof KubeStatusError) return at;
  }
  return undefined;
}

/** The HTTP status behind an error; undefined where none was answered. */
export function statusOf(error: unknown): number | undefined {
  return statusErrorOf(error)?.status;
}
