import type { Rule } from './rule';
import { cudaWheelsOnCpuImage } from './rules/cudaWheelsOnCpuImage';
import { bashismUnderSh } from './rules/bashismUnderSh';
import { finalStageRunsAsRoot } from './rules/finalStageRunsAsRoot';
import { packageCacheKept } from './rules/packageCacheKept';
import { removedInLaterLayer } from './rules/removedInLaterLayer';
import { secretInEnvOrArg } from './rules/secretInEnvOrArg';
import { shellFormCommand } from './rules/shellFormCommand';
import { tokenFileLeftInLayer } from './rules/tokenFileLeftInLayer';
import { heredocWithoutErrexit } from './rules/heredocWithoutErrexit';
import { ownershipChangeCopiesFiles } from './rules/ownershipChangeCopiesFiles';
import { commandProgramNotInstalled } from './rules/commandProgramNotInstalled';
import { develImageShipped } from './rules/develImageShipped';
import { commandFlagUnknownToProgram } from './rules/commandFlagUnknownToProgram';
import { packageManagerMissing } from './rules/packageManagerMissing';
import { packageListsMissing } from './rules/packageListsMissing';
import { sourcesListMissingOnBase } from './rules/sourcesListMissingOnBase';
import { healthcheckToolMissing } from './rules/healthcheckToolMissing';
import { dependenciesInstalledAfterCode } from './rules/dependenciesInstalledAfterCode';
import { portMismatch } from './rules/portMismatch';
import { copySourceMissing } from './rules/copySourceMissing';
import { vulnerablePin } from './rules/vulnerablePin';
import { noWheelForInterpreter } from './rules/noWheelForInterpreter';
import { noMuslWheel } from './rules/noMuslWheel';
import { pythonEndOfLife } from './rules/pythonEndOfLife';
import { trainingPackagesInServingImage } from './rules/trainingPackagesInServingImage';
import { guiOpencvInServingImage } from './rules/guiOpencvInServingImage';
import { bothOnnxruntimeBuilds } from './rules/bothOnnxruntimeBuilds';
import { duplicateWeightFormats } from './rules/duplicateWeightFormats';
import { lfsPointerCopied } from './rules/lfsPointerCopied';
import { errorAsHttp200 } from './rules/errorAsHttp200';
import { exceptionTextToClient } from './rules/exceptionTextToClient';
import { unvalidatedRequestBody } from './rules/unvalidatedRequestBody';
import { modelCopiedAfterCode } from './rules/modelCopiedAfterCode';
import { buildContextNotIgnored } from './rules/buildContextNotIgnored';
import { blockingInferenceInAsyncHandler } from './rules/blockingInferenceInAsyncHandler';
import { noHealthRoute } from './rules/noHealthRoute';
import { modelDownloadedAtBuild } from './rules/modelDownloadedAtBuild';
import { workersMultiplyModelMemory } from './rules/workersMultiplyModelMemory';
import { cudaInstalledTwice } from './rules/cudaInstalledTwice';
import { unsafeModelLoad } from './rules/unsafeModelLoad';
import { modelDownloadedAtStart } from './rules/modelDownloadedAtStart';
import { onnxruntimeGpuLibrariesMissing } from './rules/onnxruntimeGpuLibrariesMissing';
import { mixedCudaWheels } from './rules/mixedCudaWheels';
import { ascendTorchWithoutNpu } from './rules/ascendTorchWithoutNpu';
import { baseCheckpointServed } from './rules/baseCheckpointServed';
import { callDoesNotExist } from './rules/callDoesNotExist';
import { exportWithoutDynamicAxes } from './rules/exportWithoutDynamicAxes';
import { exportWithoutAttentionMask } from './rules/exportWithoutAttentionMask';
import { copyFromUnknownStage } from './rules/copyFromUnknownStage';
import { systemPackageRemoved } from './rules/systemPackageRemoved';
import { commandFileMissing } from './rules/commandFileMissing';

/** Every rule. Adding one is one file, one spec and one line here; the order is the order of `plimsoll rules`. */
export const rules: readonly Rule[] = [
  finalStageRunsAsRoot,
  secretInEnvOrArg,
  tokenFileLeftInLayer,
  packageCacheKept,
  shellFormCommand,
  bashismUnderSh,
  removedInLaterLayer,
  heredocWithoutErrexit,
  ownershipChangeCopiesFiles,
  commandProgramNotInstalled,
  develImageShipped,
  commandFlagUnknownToProgram,
  sourcesListMissingOnBase,
  packageListsMissing,
  packageManagerMissing,
  healthcheckToolMissing,
  dependenciesInstalledAfterCode,
  cudaWheelsOnCpuImage,
  portMismatch,
  copySourceMissing,
  vulnerablePin,
  noWheelForInterpreter,
  noMuslWheel,
  pythonEndOfLife,
  trainingPackagesInServingImage,
  guiOpencvInServingImage,
  bothOnnxruntimeBuilds,
  duplicateWeightFormats,
  lfsPointerCopied,
  errorAsHttp200,
  exceptionTextToClient,
  unvalidatedRequestBody,
  modelCopiedAfterCode,
  buildContextNotIgnored,
  blockingInferenceInAsyncHandler,
  noHealthRoute,
  modelDownloadedAtBuild,
  workersMultiplyModelMemory,
  cudaInstalledTwice,
  unsafeModelLoad,
  modelDownloadedAtStart,
  onnxruntimeGpuLibrariesMissing,
  mixedCudaWheels,
  ascendTorchWithoutNpu,
  baseCheckpointServed,
  callDoesNotExist,
  exportWithoutDynamicAxes,
  exportWithoutAttentionMask,
  copyFromUnknownStage,
  systemPackageRemoved,
  commandFileMissing,
];
