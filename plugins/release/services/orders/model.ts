import type { ReleaseEventKind } from '../../api.ts';
import type { appServices, groups, orders, releaseEvents, serviceReleases, tasks } from '../../tables.ts';

export type OrderRow = typeof orders.$inferSelect;
export type ReleaseRow = typeof serviceReleases.$inferSelect;
export type GroupRow = typeof groups.$inferSelect;
export type TaskRow = typeof tasks.$inferSelect;
export type EventRow = typeof releaseEvents.$inferSelect;
export type ServiceRow = typeof appServices.$inferSelect;

/** What is known of another release of the same order. */
export type Sibling = Pick<ReleaseRow, 'id' | 'state' | 'dependsOn'>;

/** One release with all that its next step is decided on, as the database has it. */
export interface ReleaseView {
  readonly release: ReleaseRow;
  /** In their order. */
  readonly groups: readonly GroupRow[];
  /** By phase and position. */
  readonly tasks: readonly TaskRow[];
  readonly siblings: readonly Sibling[];
}

/** What is told of a change, for ever. */
export interface ChangeEvent {
  readonly kind: ReleaseEventKind;
  readonly message: string;
  readonly groupPosition?: number;
}

type Patch<Row> = { readonly [Name in keyof Row]?: Row[Name] };

/** What becomes of the rows of one release, in one transaction. Plain data, so that tests can read a decision. */
export interface Change {
  readonly release?: Patch<Omit<ReleaseRow, 'id' | 'orderId' | 'serviceId' | 'versionId'>>;
  readonly groups?: readonly { readonly position: number; readonly set: Patch<GroupRow> }[];
  readonly tasks?: readonly { readonly id: string; readonly set: Patch<TaskRow> }[];
  /** Of the app service that is released. */
  readonly service?: Patch<Pick<ServiceRow, 'currentVersionId' | 'releaseId' | 'lastReleaseState'>>;
  /** The version was released with success. */
  readonly isPublished?: boolean;
  readonly events?: readonly ChangeEvent[];
}
