package dev.quintai.core.sensitive;

import dev.quintai.core.sensitive.SensitiveTarget.Kind;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where programs keep secrets. Each row cites where its place is documented. The lists of owners
 * name the programs that read the file in their normal work, by the base name of their image: for a
 * script that an interpreter runs, of the script.
 */
final class DefaultSecrets {
  private static final String ATTACK = "https://attack.mitre.org/techniques/";
  private static final Set<String> SSH =
      Set.of(
          "ssh", "scp", "sftp", "ssh-add", "ssh-agent", "ssh-keygen", "ssh-pkcs11-helper", "git");
  private static final Set<String> GIT =
      Set.of(
          "git",
          "git-remote-http",
          "git-remote-https",
          "git-credential-store",
          "git-credential-manager");
  private static final Set<String> NETRC =
      Set.of(
          "curl",
          "wget",
          "ftp",
          "git",
          "git-remote-http",
          "git-remote-https",
          "pip",
          "pip3",
          "uv",
          "heroku");
  private static final Set<String> NPM =
      Set.of(
          "npm",
          "npx",
          "npm-cli.js",
          "npx-cli.js",
          "pnpm",
          "pnpm.cjs",
          "yarn",
          "yarn.js",
          "yarn.cjs",
          "bun",
          "corepack",
          "corepack.js");

  /** OpenCode installs its plugins itself, from the registries that npm's settings name. */
  private static final Set<String> NPMRC =
      Stream.concat(NPM.stream(), Stream.of("opencode", "opencode.exe"))
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> AWS = Set.of("aws", "cdk", "sam", "terraform");
  private static final Set<String> GCLOUD =
      Set.of("gcloud", "gcloud.py", "gsutil", "gsutil.py", "bq", "bq.py", "terraform");
  private static final Set<String> KUBE =
      Set.of("kubectl", "helm", "k9s", "kubectx", "kubens", "kustomize", "minikube", "kind", "k3d");
  private static final Set<String> DOCKER =
      Set.of(
          "docker",
          "docker-buildx",
          "docker-compose",
          "dockerd",
          "podman",
          "buildah",
          "skopeo",
          "crane",
          "buildctl");
  private static final Set<String> PYPI =
      Set.of("twine", "flit", "hatch", "poetry", "pdm", "uv", "pip", "pip3");
  private static final Set<String> JVM = Set.of("mvn", "mvnd", "gradle", "gradlew", "sbt", "java");
  private static final Set<String> CHROMIUM =
      Set.of(
          "chrome",
          "google-chrome",
          "google-chrome-stable",
          "chrome_crashpad_handler",
          "Google Chrome",
          "Google Chrome Helper",
          "chromium",
          "chromium-browser",
          "Chromium",
          "Chromium Helper",
          "brave",
          "brave-browser",
          "Brave Browser",
          "Brave Browser Helper",
          "msedge",
          "microsoft-edge",
          "Microsoft Edge",
          "Microsoft Edge Helper");
  private static final Set<String> FIREFOX = Set.of("firefox", "firefox-bin", "plugin-container");

  private final TargetRows table;

  private DefaultSecrets(TargetRows table) {
    this.table = table;
  }

  static void addTo(TargetRows table) {
    DefaultSecrets targets = new DefaultSecrets(table);
    targets.keys();
    targets.cloud();
    targets.packages();
    targets.development();
    targets.agents();
    targets.system();
    targets.keychains();
    targets.folders();
    targets.browsers();
  }

  private void keys() {
    String ssh = "https://man.openbsd.org/ssh#FILES";
    // Keys may have any name, so all of the folder is secret but for what is known to be public.
    table.secret("SSH keys", SSH, ssh, "~/.ssh/**");
    table.open("~/.ssh/config", "~/.ssh/config.d/**", "~/.ssh/known_hosts*", "~/.ssh/*.pub");
    table.open("~/.ssh/allowed_signers");
    table.secret("SSH private key", SSH, ssh, "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519");
    table.secret("SSH private key", SSH, ssh, "id_ecdsa_sk", "id_ed25519_sk");
    table.secret("SSH host key", Set.of("sshd"), ssh, "/etc/ssh/ssh_host_*_key");
    table.secret(
        "GnuPG secret keys",
        Set.of("gpg", "gpg2", "gpg-agent", "gpgsm", "git"),
        "https://www.gnupg.org/documentation/manuals/gnupg/Agent-Configuration.html",
        "~/.gnupg/private-keys-v1.d/**",
        "~/.gnupg/secring.gpg",
        "~/.gnupg/openpgp-revocs.d/**");
    table.secret(
        "age keys",
        Set.of("sops", "age"),
        "https://getsops.io/docs/",
        "~/.config/sops/age/keys.txt",
        "~/Library/Application Support/sops/age/keys.txt");
    table.secret(
        "password store",
        Set.of("pass", "gopass", "gpg", "gpg2", "git"),
        "https://www.passwordstore.org/",
        "~/.password-store/**");
    table.secret("KeePass database", Set.of(), "https://keepass.info/help/base/", "*.kdbx");
    table.secret(
        "1Password CLI session",
        Set.of("op"),
        "https://developer.1password.com/docs/cli/config-directories/",
        "~/.config/op/config",
        "~/.op/config");
    table.secret(
        "Bitwarden CLI vault",
        Set.of("bw", "bw.js"),
        "https://bitwarden.com/help/data-storage/",
        "~/.config/Bitwarden CLI/data.json",
        "~/Library/Application Support/Bitwarden CLI/data.json");
    table.secret(
        "wallet",
        Set.of("bitcoind", "bitcoin-qt", "geth", "solana", "electrum"),
        "https://en.bitcoin.it/wiki/Data_directory",
        "~/.bitcoin/wallet.dat",
        "~/.bitcoin/wallets/**",
        "~/.ethereum/keystore/**",
        "~/.config/solana/id.json",
        "~/.electrum/wallets/**");
  }

  private void cloud() {
    table.secret(
        "AWS credentials",
        AWS,
        "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
        "~/.aws/credentials",
        "~/.aws/sso/cache/**",
        "~/.aws/cli/cache/**",
        "~/.aws/login/cache/**");
    table.secret(
        "Google Cloud credentials",
        GCLOUD,
        "https://cloud.google.com/docs/authentication/application-default-credentials",
        "~/.config/gcloud/application_default_credentials.json",
        "~/.config/gcloud/credentials.db",
        "~/.config/gcloud/access_tokens.db",
        "~/.config/gcloud/legacy_credentials/**");
    table.secret(
        "Azure CLI tokens",
        Set.of("az", "azd", "terraform"),
        "https://learn.microsoft.com/cli/azure/msal-based-azure-cli",
        "~/.azure/accessTokens.json",
        "~/.azure/msal_token_cache.*",
        "~/.azure/service_principal_entries.*");
    table.secret(
        "Kubernetes configuration",
        KUBE,
        "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
        "~/.kube/config",
        "/etc/kubernetes/admin.conf",
        "/etc/rancher/k3s/k3s.yaml");
    table.secret(
        "Kubernetes service account token",
        Set.of("kubectl"),
        "https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/",
        "/var/run/secrets/kubernetes.io/serviceaccount/**",
        "/run/secrets/kubernetes.io/serviceaccount/**");
    table.secret(
        "Docker registry login",
        DOCKER,
        "https://docs.docker.com/reference/cli/docker/login/",
        "~/.docker/config.json",
        "~/.config/containers/auth.json");
    table.secret(
        "Terraform credentials",
        Set.of("terraform", "tofu"),
        "https://developer.hashicorp.com/terraform/cli/config/config-file",
        "~/.terraform.d/credentials.tfrc.json",
        "~/.terraformrc");
    table.secret(
        "Vault token",
        Set.of("vault", "bao"),
        "https://developer.hashicorp.com/vault/docs/commands",
        "~/.vault-token");
    table.secret(
        "DigitalOcean token",
        Set.of("doctl"),
        "https://docs.digitalocean.com/reference/doctl/",
        "~/.config/doctl/config.yaml",
        "~/Library/Application Support/doctl/config.yaml");
    table.secret(
        "Oracle Cloud credentials",
        Set.of("oci"),
        "https://docs.oracle.com/iaas/Content/API/Concepts/sdkconfig.htm",
        "~/.oci/**");
  }

  private void packages() {
    table.secret(
        "npm token", NPMRC, "https://docs.npmjs.com/cli/configuring-npm/npmrc", "~/.npmrc");
    table.secret("Yarn token", NPM, "https://yarnpkg.com/configuration/yarnrc", "~/.yarnrc.yml");
    table.secret(
        "PyPI token", PYPI, "https://packaging.python.org/specifications/pypirc/", "~/.pypirc");
    table.secret(
        "Poetry credentials",
        PYPI,
        "https://python-poetry.org/docs/configuration/",
        "~/.config/pypoetry/auth.toml",
        "~/Library/Application Support/pypoetry/auth.toml");
    table.secret(
        "crates.io token",
        Set.of("cargo"),
        "https://doc.rust-lang.org/cargo/reference/config.html#credentials",
        "~/.cargo/credentials.toml",
        "~/.cargo/credentials");
    table.secret(
        "RubyGems token",
        Set.of("gem", "bundle", "bundler"),
        "https://guides.rubygems.org/command-reference/#gem-signin",
        "~/.gem/credentials",
        "~/.local/share/gem/credentials");
    table.secret(
        "Composer credentials",
        Set.of("composer", "composer.phar"),
        "https://getcomposer.org/doc/articles/authentication-for-private-packages.md",
        "~/.composer/auth.json",
        "~/.config/composer/auth.json");
    table.secret(
        "Maven settings",
        JVM,
        "https://maven.apache.org/guides/mini/guide-encryption.html",
        "~/.m2/settings.xml",
        "~/.m2/settings-security.xml");
    table.secret(
        "Gradle properties",
        JVM,
        "https://docs.gradle.org/current/userguide/build_environment.html",
        "~/.gradle/gradle.properties");
    table.secret(
        "Hugging Face token",
        Set.of("hf", "huggingface-cli"),
        "https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables",
        "~/.cache/huggingface/token",
        "~/.cache/huggingface/stored_tokens");
  }

  private void development() {
    table.secret(
        "Git credentials",
        GIT,
        "https://git-scm.com/docs/git-credential-store",
        "~/.git-credentials",
        "~/.config/git/credentials");
    table.secret(
        "GitHub CLI token",
        Set.of("gh"),
        "https://cli.github.com/manual/gh_auth_login",
        "~/.config/gh/hosts.yml");
    table.secret(
        "GitLab CLI token",
        Set.of("glab"),
        "https://gitlab.com/gitlab-org/cli#environment-variables",
        "~/.config/glab-cli/config.yml");
    table.secret(
        "netrc",
        NETRC,
        "https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html",
        "~/.netrc");
    table.secret(
        "PostgreSQL passwords",
        Set.of("psql", "pg_dump", "pg_dumpall", "pg_restore", "pgcli", "createdb", "dropdb"),
        "https://www.postgresql.org/docs/current/libpq-pgpass.html",
        "~/.pgpass");
    table.secret(
        "MySQL passwords",
        Set.of("mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mycli"),
        "https://dev.mysql.com/doc/refman/en/option-files.html",
        "~/.my.cnf",
        "~/.mylogin.cnf");
    table.path(
        Kind.ENV_FILE,
        "environment file",
        Set.of(),
        "https://www.dotenv.org/docs/security/env",
        ".env",
        ".env.*",
        ".envrc");
    table.open(".env.example", ".env.sample", ".env.template", ".env.dist", ".env.defaults");
    table.open(".env.schema", ".env.vault", ".env.*.example", ".env.*.sample", ".env.*.template");
  }

  /** The logins of the agents themselves: theirs to read, nobody else's. */
  private void agents() {
    table.login(
        "claude-code",
        "https://code.claude.com/docs/en/authentication",
        "~/.claude/.credentials.json");
    table.login("codex", "https://developers.openai.com/codex/auth", "~/.codex/auth.json");
    table.login(
        "gemini-cli",
        "https://github.com/google-gemini/gemini-cli: packages/core/src/config/storage.ts",
        "~/.gemini/oauth_creds.json",
        "~/.gemini/mcp-oauth-tokens.json");
    table.login(
        "qwen-code",
        "https://github.com/QwenLM/qwen-code: packages/core/src/qwen/qwenOAuth2.ts",
        "~/.qwen/oauth_creds.json");
    table.login(
        "opencode", "https://opencode.ai/docs/providers/", "~/.local/share/opencode/auth.json");
    table.login(
        "pi",
        "https://www.npmjs.com/package/@mariozechner/pi-coding-agent",
        "~/.pi/agent/auth.json");
    table.login(
        "copilot",
        "https://github.com/github/copilot.vim",
        "~/.config/github-copilot/apps.json",
        "~/.config/github-copilot/hosts.json");
    table.login(
        "goose",
        "https://block.github.io/goose/docs/guides/environment-variables",
        "~/.config/goose/secrets.yaml");
    table.login("amp", "https://ampcode.com/security", "~/.local/share/amp/secrets.json");
    table.login(
        "auggie", "https://docs.augmentcode.com/cli/authentication", "~/.augment/session.json");
  }

  private void system() {
    table.secret(
        "password hashes",
        Set.of(
            "login", "su", "sudo", "passwd", "unix_chkpwd", "sshd", "chage", "useradd", "usermod"),
        "https://man7.org/linux/man-pages/man5/shadow.5.html",
        "/etc/shadow",
        "/etc/shadow-",
        "/etc/gshadow",
        "/etc/gshadow-",
        "/etc/master.passwd",
        "/var/db/dslocal/nodes/Default/users/**");
    // The tools that list processes open it for every line, whether they show it or not.
    table.secret(
        "environment of a process",
        Set.of("ps", "pgrep", "pkill", "pidof", "pidwait", "top", "htop", "w", "skill", "snice"),
        "https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html",
        "/proc/*/environ");
    table.secret(
        "memory of a process",
        Set.of(),
        "https://man7.org/linux/man-pages/man5/proc_pid_mem.5.html",
        "/proc/*/mem");
    table.secret(
        "Kerberos keys",
        Set.of("kinit", "sshd", "sssd"),
        "https://web.mit.edu/kerberos/krb5-latest/doc/basic/keytab_def.html",
        "/etc/krb5.keytab");
  }

  private void keychains() {
    table.path(
        Kind.KEYCHAIN,
        "macOS keychain",
        Set.of(
            "security",
            "securityd",
            "secd",
            "trustd",
            "git-credential-osxkeychain",
            "docker-credential-osxkeychain"),
        ATTACK + "T1555/001/",
        "~/Library/Keychains/**");
    table.path(
        Kind.KEYCHAIN,
        "desktop keyring",
        Set.of("gnome-keyring-daemon", "kwalletd5", "kwalletd6"),
        "https://wiki.gnome.org/Projects/GnomeKeyring",
        "~/.local/share/keyrings/**",
        "~/.local/share/kwalletd/**");
  }

  /** Folders of which some files only are secret, but which one names for their sake. */
  private void folders() {
    for (String folder :
        new String[] {"~/.aws", "~/.azure", "~/.kube", "~/.gnupg", "~/.config/gcloud"}) {
      table.folder("credentials folder", folder, ATTACK + "T1552/001/");
    }
  }

  private void browsers() {
    String chromium = "https://chromium.googlesource.com/chromium/src/+/HEAD/docs/user_data_dir.md";
    for (String vendor :
        new String[] {
          "~/.config/google-chrome",
          "~/.config/chromium",
          "~/.config/BraveSoftware/Brave-Browser",
          "~/.config/microsoft-edge",
          "~/Library/Application Support/Google/Chrome",
          "~/Library/Application Support/Chromium",
          "~/Library/Application Support/BraveSoftware/Brave-Browser",
          "~/Library/Application Support/Microsoft Edge"
        }) {
      table.path(Kind.BROWSER, "browser profile", CHROMIUM, chromium, vendor + "/**");
      table.open(vendor + "/NativeMessagingHosts/**");
    }
    table.path(
        Kind.BROWSER,
        "browser profile",
        FIREFOX,
        "https://support.mozilla.org/kb/profiles-where-firefox-stores-user-data",
        "~/.mozilla/firefox/**",
        "~/Library/Application Support/Firefox/**");
    table.path(
        Kind.BROWSER,
        "browser profile",
        Set.of("Safari", "nsurlsessiond"),
        ATTACK + "T1539/",
        "~/Library/Safari/**",
        "~/Library/Cookies/**",
        "~/Library/Containers/com.apple.Safari/Data/Library/**");
  }
}
