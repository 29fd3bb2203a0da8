import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { type Draft, makeObject } from '../../compute/testing/make-objects.ts';
import {
  type PersistentVolumeClaimObject,
  type PersistentVolumeObject,
  persistentVolumeKind,
  type StorageClassObject,
  storageClassKind,
} from '../api.ts';

export const makeClass = (draft: Draft): StorageClassObject =>
  makeObject(storageClassKind, { provisioner: 'disk.example.com', ...draft });
export const makeVolume = (draft: Draft): PersistentVolumeObject => makeObject(persistentVolumeKind, draft);
export const makeClaim = (draft: Draft): PersistentVolumeClaimObject => makeObject(persistentVolumeClaimKind, draft);
