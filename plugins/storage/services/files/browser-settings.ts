import { type ServiceRef, serviceRef } from 'longshore/sdk';
import type { FileBrowserSettings } from '../../settings.ts';

/** What the administrator has set for the pods behind file browsers. */
export const fileBrowserSettingsRef: ServiceRef<FileBrowserSettings> =
  serviceRef<FileBrowserSettings>('storage.fileBrowserSettings');
