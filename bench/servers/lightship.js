// lightship: a state that the application sets. It never asks a dependency.
import { createLightship } from "lightship";

const lightship = await createLightship({ port: Number(process.env.PORT), detectKubernetes: false });
lightship.signalReady();
