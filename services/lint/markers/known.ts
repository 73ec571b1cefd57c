/** Registered by pytest itself; `tryfirst` and `trylast` are for hooks. */
export const BUILTIN_MARKERS: ReadonlySet<string> = new Set([
  "filterwarnings",
  "parametrize",
  "skip",
  "skipif",
  "tryfirst",
  "trylast",
  "usefixtures",
  "xfail",
]);

/** Spellings of `parametrize` that pytest refuses by name, strict or not. */
export const PARAMETRIZE_SPELLINGS: ReadonlySet<string> = new Set([
  "parameterize",
  "parametrise",
  "parameterise",
]);

/** What well-known distributions register once they are installed; words that suites choose for themselves (`slow`, `run`) tell nothing. */
export const PLUGIN_MARKERS: Readonly<Record<string, readonly string[]>> = {
  "allure-pytest": [
    "allure_description",
    "allure_description_html",
    "allure_display_name",
    "allure_label",
    "allure_link",
  ],
  anyio: ["anyio"],
  celery: ["celery"],
  flaky: ["flaky"],
  hypothesis: ["hypothesis"],
  "pytest-asyncio": ["asyncio"],
  "pytest-asyncio-cooperative": ["asyncio_cooperative"],
  "pytest-benchmark": ["benchmark"],
  "pytest-celery": ["celery"],
  "pytest-codspeed": ["benchmark", "codspeed_benchmark"],
  "pytest-cov": ["no_cover"],
  "pytest-dependency": ["dependency"],
  "pytest-django": ["django_db", "ignore_template_errors", "urls"],
  "pytest-forked": ["forked"],
  "pytest-freezegun": ["freeze_time"],
  "pytest-freezer": ["freeze_time"],
  "pytest-httpx": ["httpx_mock"],
  "pytest-memray": ["limit_leaks", "limit_memory"],
  "pytest-mpl": ["mpl_image_compare"],
  "pytest-order": ["order"],
  "pytest-playwright": ["browser_context_args", "only_browser", "skip_browser"],
  "pytest-qt": ["no_qt_log", "qt_log_ignore", "qt_log_level_fail", "qt_no_exception_capture"],
  "pytest-random-order": ["random_order"],
  "pytest-recording": ["allowed_hosts", "block_network", "default_cassette", "vcr"],
  "pytest-remotedata": ["internet_off", "remote_data"],
  "pytest-repeat": ["repeat"],
  "pytest-rerunfailures": ["flaky"],
  "pytest-retry": ["flaky"],
  "pytest-run-parallel": ["iterations", "parallel_threads", "thread_unsafe"],
  "pytest-socket": ["allow_hosts", "disable_socket", "enable_socket"],
  "pytest-testinfra": ["testinfra_hosts"],
  "pytest-timeout": ["timeout"],
  "pytest-tornado": ["gen_test"],
  "pytest-trio": ["trio"],
  "pytest-vcr": ["vcr"],
  "pytest-xdist": ["xdist_group"],
  "pytest-xvfb": ["no_xvfb"],
};

/** The distributions that register a marker. */
export const pluginsOf = (marker: string): readonly string[] =>
  Object.keys(PLUGIN_MARKERS).filter((name) => PLUGIN_MARKERS[name]?.includes(marker));
