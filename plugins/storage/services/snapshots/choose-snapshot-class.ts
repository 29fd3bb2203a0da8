import { PreconditionError, ValidationError } from 'longshore/sdk';
import type { VolumeSnapshotClassObject } from '../../api.ts';
import { isDefaultSnapshotClass } from './snapshot-facts.ts';

type Class = Pick<VolumeSnapshotClassObject, 'metadata' | 'driver'>;

/**
 * The VolumeSnapshotClass for a volume of a driver: the one that is asked for, else the driver's default, else its only one. Throws
 * `ValidationError` for one of another driver, `PreconditionError` NO_SNAPSHOT_CLASS where nobody said how this driver takes snapshots. Pure.
 */
export function chooseSnapshotClass(classes: readonly Class[], driver: string, asked: string | undefined): string {
  if (asked !== undefined) {
    const found = classes.find(({ metadata }) => metadata.name === asked);
    if (found?.driver === driver) return asked;
    const message = found
      ? `VolumeSnapshotClass '${asked}' is of driver '${found.driver}', the disk of '${driver}'`
      : `There is no VolumeSnapshotClass '${asked}'`;
    throw new ValidationError([{ path: ['snapshotClass'], code: found ? 'other_driver' : 'not_found', message }]);
  }
  const own = classes.filter((each) => each.driver === driver);
  const defaults = own.filter(isDefaultSnapshotClass as (each: Class) => boolean);
  const [only, ...more] = defaults.length > 0 ? defaults : own;
  if (only !== undefined && more.length === 0) return only.metadata.name;
  const message =
    only === undefined
      ? `No VolumeSnapshotClass is of driver '${driver}': an administrator has to make one.`
      : `Several VolumeSnapshotClasses of driver '${driver}' could be meant: name one of them.`;
  throw new PreconditionError('NO_SNAPSHOT_CLASS', message);
}
