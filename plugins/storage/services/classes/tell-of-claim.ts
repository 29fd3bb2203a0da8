import { capabilitiesOf } from './class-capabilities.ts';
import { bindingModeOf, zonesOfClass } from './class-facts.ts';
import { type AskedClaim, type ClaimPlace, classOfClaim } from './judge-claim.ts';

/** What somebody who makes a claim should know of it (STO-09, STO-10). Pure. */
export function tellOfClaim(asked: AskedClaim, place: Pick<ClaimPlace, 'classes' | 'profile'>): readonly string[] {
  const storageClass = classOfClaim(asked, place.classes);
  if (!storageClass) return [];
  const { isZonal, isCapacityNominal } = capabilitiesOf(storageClass, place.profile);
  const zones = zonesOfClass(storageClass);
  const of = `the class '${storageClass.metadata.name}'`;
  const isPlacedAtOnce = bindingModeOf(storageClass) === 'IMMEDIATE' && (isZonal || zones.length > 0);
  const where = zones.length > 0 ? ` (${zones.join(', ')})` : '';
  return [
    ...(isPlacedAtOnce && !asked.volumeName
      ? [
          `A volume of ${of} is made at once, in one zone${where}, and cannot be mounted in another: limit the pods to the zone of the volume by nodeSelector or affinity.`,
        ]
      : []),
    ...(isCapacityNominal
      ? [
          `The capacity of ${of} is not enforced: pods may write more, and less may be left; its nodes need the tools of its file system.`,
        ]
      : []),
  ];
}
