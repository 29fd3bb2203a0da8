import type { ValidationIssue } from 'longshore/sdk';
import type { StorageClassObject } from '../../api.ts';
import { defaultClassOf } from '../classes/class-facts.ts';
import { type DiskKind, type FileSystem, toFileSystem } from './disk-facts.ts';

type Class = Pick<StorageClassObject, 'metadata' | 'parameters' | 'provisioner'>;

export interface WantedClass {
  readonly kind: DiskKind;
  /** Undefined: as the class does. */
  readonly fileSystem: FileSystem | undefined;
  /** The class that was asked for. */
  readonly asked: string | undefined;
  /** The one of the place's profile for such disks, with the profile's name. */
  readonly preferred: string | undefined;
  readonly profile: string;
}

export type ChosenClass =
  | { readonly storageClass: string; readonly fileSystem: FileSystem | undefined }
  | { readonly issue: ValidationIssue };

/**
 * The StorageClass of a new disk: the one that is asked for, else the profile's, else the cluster's default where its file system fits, else
 * the first by name that formats as is wanted. What a volume is formatted with is its class's to say (`csi.storage.k8s.io/fstype`, ext4 where
 * it says nothing). Pure.
 */
export function chooseClass(classes: readonly Class[], wanted: WantedClass): ChosenClass {
  const { asked, preferred, kind, fileSystem } = wanted;
  const named = asked ?? preferred;
  if (named !== undefined) {
    const found = classes.find(({ metadata }) => metadata.name === named);
    if (!found) {
      const whose = asked === undefined ? `, which the profile '${wanted.profile}' wants for ${kind} disks` : '';
      return issue('storageClass', 'not_found', `There is no StorageClass '${named}'${whose}`);
    }
    return fits(found, fileSystem) ? chosen(found, fileSystem) : misfit(found, fileSystem);
  }
  const made = classes.filter(({ provisioner }) => provisioner !== noProvisioner);
  const first = defaultClassOf(made);
  const others = made.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const found = [...(first ? [first] : []), ...others].find((each) => fits(each, fileSystem));
  if (found) return chosen(found, fileSystem);
  if (made.length === 0) return issue('storageClass', 'no_class', 'The cluster has no StorageClass that makes volumes');
  const which = fileSystem?.toLowerCase() ?? 'anything';
  return issue('fileSystem', 'no_class', `The cluster has no StorageClass that formats volumes with ${which}`);
}

/** Volumes of such a class are made by hand (storage.k8s.io/v1). */
const noProvisioner = 'kubernetes.io/no-provisioner';

function issue(field: string, code: string, message: string): ChosenClass {
  return { issue: { path: [field], code, message } };
}

/** What a class formats with, where it says so. */
export function fileSystemOfClass({ parameters }: Pick<Class, 'parameters'>): FileSystem | 'UNKNOWN' | undefined {
  const word = parameters?.['csi.storage.k8s.io/fstype'] ?? parameters?.fsType ?? parameters?.fstype;
  return word === undefined || word === '' ? undefined : toFileSystem(word);
}

function fits(storageClass: Class, wanted: FileSystem | undefined): boolean {
  return wanted === undefined || (fileSystemOfClass(storageClass) ?? 'EXT4') === wanted;
}

function chosen(storageClass: Class, wanted: FileSystem | undefined): ChosenClass {
  const own = fileSystemOfClass(storageClass);
  return { storageClass: storageClass.metadata.name, fileSystem: wanted ?? (own === 'UNKNOWN' ? undefined : own) };
}

function misfit({ metadata, parameters }: Class, wanted: FileSystem | undefined): ChosenClass {
  const own = fileSystemOfClass({ parameters } as Class) ?? 'EXT4';
  const message = `StorageClass '${metadata.name}' formats volumes with ${own === 'UNKNOWN' ? 'another file system' : own.toLowerCase()}, not with ${wanted?.toLowerCase()}`;
  return issue('fileSystem', 'other_file_system', message);
}
