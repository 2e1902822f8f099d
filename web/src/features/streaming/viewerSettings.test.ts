// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { qualities, settingsFrom } from './viewerSettings';

describe('viewer settings', () => {
  it('leave the quality to the line until somebody chooses', () => {
    expect(settingsFrom({}).picture).toBe('auto');
    expect(qualities.auto.adapt).toBe(true);
  });

  it('keep what was chosen', () => {
    expect(settingsFrom({ picture: 'low', pinned: true })).toMatchObject({ picture: 'low', pinned: true });
  });

  it('understand a number from before', () => {
    expect(settingsFrom({ quality: 9 }).picture).toBe('high');
    expect(settingsFrom({ quality: 6 }).picture).toBe('balanced');
    expect(settingsFrom({ quality: 6, picture: 'auto' }).picture).toBe('auto');
  });

  it('survive what somebody else wrote', () => {
    expect(settingsFrom({ picture: 'best' as never }).picture).toBe('auto');
  });
});
