import { admin } from './admin';
import { approvals } from './approvals';
import { catalogue } from './catalogue';
import { common } from './common';
import { dlp } from './dlp';
import { dlpFiles } from './dlpFiles';
import { identity } from './identity';
import { recordings } from './recordings';
import { sessions } from './sessions';
import { sharing } from './sharing';
import { teams } from './teams';
import { viewer } from './viewer';

export const en = { ...common, ...identity, ...catalogue, ...sessions, ...viewer, ...recordings, ...admin, ...dlp, ...dlpFiles, ...approvals, ...sharing, ...teams };
