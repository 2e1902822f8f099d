import { readdirSync } from 'node:fs';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// One way only: shared (api, i18n, model, stream, ui) -> features -> app; a feature never sees another feature.
// The zones come from the folders themselves, so a new feature is walled in the moment it exists.
const features = readdirSync(new URL('./src/features', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** @param {string[]} files @param {string[]} group @param {string} message */
const zone = (files, group, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.gen.ts', 'public'] },
  ...tseslint.configs.strict,
  hooks.configs.flat['recommended-latest'],
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 250 }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  zone(
    ['src/api/**', 'src/i18n/**', 'src/model/**', 'src/ui/**', 'src/stream/**'],
    ['@/features/*', '@/app/*', '**/features/**', '**/app/**'],
    'Shared code knows no feature and no app.',
  ),
  ...features.map((name) =>
    zone(
      [`src/features/${name}/**`],
      ['@/app/*', '@/features/*', `!@/features/${name}`, '../../*', '../../../*'],
      `The feature "${name}" sees shared code and itself only.`,
    ),
  ),
  {
    // The engine is the part that must run without React and without the network layer.
    files: ['src/stream/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['react', 'react-*', '@mantine/*', '@tanstack/*', '@/api/*', '@/features/*', '@/app/*', '@/ui/*'], message: 'stream/ knows no React and no fetch.' }] },
      ],
    },
  },
);
